import { PAGE_URL } from "../../contract/page";

const known = new RegExp(PAGE_URL);

test.each([
  "https://news.example.com",
  "https://news.example.com:8443/a/b",
  "http://localhost",
  "http://localhost:4173/",
])("mails may link to %s", (url) => expect(url).toMatch(known));

test.each([
  "https://",
  "http://news.example.com",
  "http://localhostevil.com",
  "https://a.example?x=1",
  "https://a.example/#top",
  "https://a.example/a b",
  "javascript:alert(1)",
])("mails never link to %s", (url) => expect(url).not.toMatch(known));
