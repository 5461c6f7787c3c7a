"""A person's browser without eyes, for pages by HTTP."""

import html
import re

import requests

PASSWORD = "feng-he-ri-li"


class Browser:
    """A person's browser without eyes: keeps cookies, sends forms with what the page gave them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.http.get(self.url + path, headers=headers, timeout=30, allow_redirects=False)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> requests.Response:
        return self.http.post(self.url + path, data=fields, headers=headers, timeout=30, allow_redirects=False)

    def fields(self, path: str) -> dict[str, str]:
        """Return the hidden fields of a page's forms."""
        page = self.get(path).text
        return {
            found[1]: html.unescape(found[2])
            for found in re.finditer(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
        }

    def sign_in(self, account: str, password: str = PASSWORD) -> requests.Response:
        form = self.fields("/staff/sign-in")
        return self.post("/staff/sign-in", {**form, "account": account, "password": password})
