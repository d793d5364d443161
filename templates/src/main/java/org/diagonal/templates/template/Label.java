package org.diagonal.templates.template;

/**
 * What a template is labelled with: a number (Definition 3.2), or a token or wildcard (Definition
 * J.1).
 */
public sealed interface Label permits Real, Token, Wildcard {}
