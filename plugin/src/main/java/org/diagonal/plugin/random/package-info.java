/** The one source of every random choice in training and initialisation. */
package org.diagonal.plugin.random;
