// Reads calendar objects with ical.js, Thunderbird's parser. In: a JSON list of texts. Out: what it understood of each.
"use strict";
const ICAL = require("./vendor/ical.js/ical.es5.min.cjs");

function person(property) {
  if (!property) return null;
  const said = { address: property.getFirstValue() };
  for (const name of ["cn", "partstat", "role", "rsvp", "cutype"]) said[name] = property.getParameter(name) ?? null;
  return said;
}

function moment(property) {
  if (!property) return null;
  const time = property.getFirstValue();
  return time.isDate ? time.toString() : time.toUnixTime();
}

function read(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const event = calendar.getFirstSubcomponent("vevent");
  const value = (name) => event.getFirstPropertyValue(name);
  return {
    method: calendar.getFirstPropertyValue("method"),
    components: calendar.getAllSubcomponents().map((component) => component.name.toUpperCase()),
    uid: value("uid"),
    sequence: value("sequence"),
    stamp: moment(event.getFirstProperty("dtstamp")),
    starts: moment(event.getFirstProperty("dtstart")),
    ends: moment(event.getFirstProperty("dtend")),
    summary: value("summary"),
    status: value("status"),
    location: value("location"),
    description: value("description"),
    url: value("url"),
    class: value("class"),
    transp: value("transp"),
    organizer: person(event.getFirstProperty("organizer")),
    attendees: event.getAllProperties("attendee").map(person),
  };
}

let input = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => (input += chunk));
process.stdin.on("end", () => process.stdout.write(JSON.stringify(JSON.parse(input).map(read))));
