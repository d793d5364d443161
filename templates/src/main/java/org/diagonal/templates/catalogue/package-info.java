/** The tasks that are known by name: the paper's, as files and as families. */
package org.diagonal.templates.catalogue;
