package org.diagonal.templates.alphabet;

/**
 * What may stand for a wildcard.
 *
 * @param text without the space in front that its token may have
 * @param id its token id
 */
public record Symbol(String text, int id) {}
