/// The page's files: packed, named by what is in them, and served.
@NullMarked
package dev.agentrooms.webui.page;

import org.jspecify.annotations.NullMarked;
