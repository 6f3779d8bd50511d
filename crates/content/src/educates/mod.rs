//! The Educates format: `resources/workshop.yaml`, `workshop/content`, shortcodes.
