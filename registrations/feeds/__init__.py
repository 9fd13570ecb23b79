"""What programs fetch by themselves, again and again: calendars to subscribe to, and news of dates (specs/calendar.md
4).

`public` and `personal` are the pages, `stamps` says in two statements whether anything changed, `answers` speaks HTTP,
`entries` are what stands in a feed, `calendars` and `atom` write them down, `addresses` are the links that people use
to subscribe.
"""
