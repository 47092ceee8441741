// The name and the logo, as the server has put them into the HTML.
export const brand = {
  name: document.querySelector('meta[name="application-name"]').content,
  icon: document.querySelector('link[rel="icon"]').href,
};
