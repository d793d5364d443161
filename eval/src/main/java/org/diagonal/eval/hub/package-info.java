/**
 * Resolves names to local folders: bundled on the class path, cached, or downloaded.
 *
 * <p>{@link Hub} is the entry point. The other packages deal with paths only, and this one depends
 * on none of them.
 */
package org.diagonal.eval.hub;
