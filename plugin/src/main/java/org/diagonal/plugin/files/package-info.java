/** Files that are written atomically, locked, hashed, and read with clear errors. */
package org.diagonal.plugin.files;
