/** The paper's networks from scratch, for strings of few symbols. */
package org.diagonal.plugin.small;
