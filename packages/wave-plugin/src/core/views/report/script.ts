/**
 * What the report can do besides being read: find files, copy commands, open everything for print. Without it nothing is
 * missing. It makes no markup of any text, and the policy in the head of the page allows this script and no other.
 */
export const reportScript = `
(function () {
  'use strict';
  var all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };
  var say = document.getElementById('said');
  all('code.command').forEach(function (code) {
    var button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.setAttribute('aria-label', 'Copy: ' + code.textContent);
    button.addEventListener('click', function () {
      copy(code.textContent, function (done) {
        button.textContent = done ? 'Copied' : 'Press Ctrl+C';
        say.textContent = button.textContent;
        setTimeout(function () { button.textContent = 'Copy'; }, 2000);
      });
    });
    code.parentNode.insertBefore(button, code.nextSibling);
  });
  function copy(text, then) {
    if (navigator.clipboard && navigator.clipboard.writeText)
      navigator.clipboard.writeText(text).then(function () { then(true); }, function () { then(select(text)); });
    else then(select(text));
  }
  function select(text) {
    var area = document.createElement('textarea');
    area.value = text;
    document.body.appendChild(area);
    area.select();
    var done = false;
    try { done = document.execCommand('copy'); } catch (error) { done = false; }
    area.remove();
    return done;
  }
  var search = document.getElementById('search');
  if (search) {
    search.parentNode.hidden = false;
    search.addEventListener('input', function () {
      var wanted = search.value.trim().toLowerCase();
      var found = 0;
      all('details.file').forEach(function (file) {
        var hit = wanted === '' || file.textContent.toLowerCase().indexOf(wanted) >= 0;
        file.hidden = !hit;
        if (hit) found += 1;
      });
      all('details.group').forEach(function (group) {
        var files = all('details.file', group);
        if (files.length === 0) return;
        group.hidden = files.every(function (file) { return file.hidden; });
        group.open = wanted !== '' && !group.hidden;
      });
      document.getElementById('found').textContent = wanted === '' ? '' : found + (found === 1 ? ' file' : ' files');
    });
  }
  all('button[data-open]').forEach(function (button) {
    button.hidden = false;
    button.addEventListener('click', function () {
      var open = button.getAttribute('data-open') === 'yes';
      all('details.file, details.group').forEach(function (one) { if (!one.hidden) one.open = open; });
    });
  });
  var closed = [];
  addEventListener('beforeprint', function () {
    closed = all('details:not([open])');
    closed.forEach(function (one) { one.open = true; });
  });
  addEventListener('afterprint', function () { closed.forEach(function (one) { one.open = false; }); });
})();
`;
