/** Identity scalings: which circuits have them, how strongly, and adapter files of nothing else. */
package org.diagonal.plugin.identity;
