/** WikiText, and any text, as token ids with its rows and articles. */
package org.diagonal.wikitext;
