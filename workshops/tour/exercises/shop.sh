#!/usr/bin/env bash
# Stands in for the shop's web server: answers a few requests and logs them in access.log.
# A client named in blocked.conf gets 403 (forbidden) instead of the page.

cd "$(dirname "$0")" || exit 1

clients=(203.0.113.77 2001:db8:4::21 198.51.100.120)
pages=('/bottles/7?price=EUR' /cups/12 /basket)
agents=(
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36'
  'Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0'
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15'
)

while true; do
  read -r -p 'How many requests shall the shop answer (1-40)? ' count || exit 1
  case $count in
    [1-9] | [1-3][0-9] | 40) break ;;
  esac
  echo 'Please answer with a number from 1 to 40.'
done

for ((i = 0; i < count; i++)); do
  client=${clients[i % 3]}
  if grep -q -x -F "deny $client;" blocked.conf; then
    answer='403 153'
  else
    answer='200 2214'
  fi
  printf '%s - - [%s] "GET %s HTTP/1.1" %s "-" "%s"\n' "$client" \
    "$(LC_ALL=C date '+%d/%b/%Y:%H:%M:%S %z')" "${pages[i % 3]}" "$answer" "${agents[i % 3]}" >> access.log
  sleep 0.3
done
echo "Requests answered: $count"
