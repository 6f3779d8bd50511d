//! What the window calls. Every body is: get the session, call one method, convert.

mod actions;
mod dashboards;
mod documents;
mod library;
mod programs;
mod reset;
mod session;
mod terminals;

use tauri::Wry;
use tauri::ipc::Invoke;

use crate::error::CommandError;

type Answer<T> = Result<T, CommandError>;

pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        actions::action_failed,
        actions::cancel_action,
        actions::copy_text,
        actions::next_step,
        actions::perform_action,
        actions::save_form,
        actions::skip_action,
        dashboards::addresses,
        dashboards::dashboard_answers,
        dashboards::follow_link,
        dashboards::frame_message,
        dashboards::open_url,
        documents::copy_in,
        documents::list_folder,
        documents::read_document,
        documents::save_document,
        documents::watch_documents,
        library::allow_workshop,
        library::choose_archive,
        library::choose_workshop,
        library::inspect_workshop,
        library::isolate_workshop,
        library::library,
        library::resolve_workshop,
        library::start_request,
        library::trust_workshop,
        programs::follow_program,
        programs::programs,
        programs::start_program,
        programs::stop_program,
        reset::bring_back,
        reset::choose_session,
        reset::export_session,
        reset::open_kept_folder,
        reset::remove_stored_session,
        reset::remove_unused_archives,
        reset::restore,
        reset::restore_view,
        reset::session_losses,
        reset::session_size,
        reset::sessions,
        reset::set_session_aside,
        session::cancel_setup,
        session::cancel_start,
        session::close_session,
        session::close_window,
        session::enter_page,
        session::finish,
        session::leave_page,
        session::page,
        session::pass_over_setup,
        session::read_workshop,
        session::reload_page,
        session::run_setup,
        session::save_view,
        session::session_view,
        session::start_session,
        session::subscribe,
        terminals::acknowledge_terminal,
        terminals::attach_terminal,
        terminals::clear_editor_terminal,
        terminals::close_editor_terminal,
        terminals::detach_terminal,
        terminals::open_editor_terminal,
        terminals::resize_terminal,
        terminals::set_terminal_colours,
        terminals::write_terminal,
    ]
}
