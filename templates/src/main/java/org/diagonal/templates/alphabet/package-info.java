/** Disjoint alphabets for a task, and samples drawn with them as token ids. */
package org.diagonal.templates.alphabet;
