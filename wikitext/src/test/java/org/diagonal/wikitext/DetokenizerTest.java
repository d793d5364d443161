package org.diagonal.wikitext;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetokenizerTest {

    // Python's \s for str, spelt out.
    private static final String SPACE =
            "[\\t-\\r\\x1C-\\x20\\x85\\xA0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000]";

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a guest @-@ starring role,a guest-starring role",
                "`1 @,@ 000 @.@ 5`,`1,000.5`",
                "`a , b . c ; d : e ! f ? g`,`a, b. c; d: e! f? g`",
                "the actors ' film,the actors' film",
                "it 's,it's",
                "he said \" no \" twice,he said \"no\" twice",
                "( a ( b ) c ),(a ( b) c )",
                "[  x\u00A0] {  },[x] {}",
                "= = = T = = =,=== T ===",
                "= = = = T = = = =,==== T ====",
                "5 \u00B0 C and N times,5\u00B0C and 1 times",
                "/' 5/,/'[0-9]/",
                "( open,( open",
            })
    void theRulesDoWhatTheHarnessDoes(String spaced, String prose) {
        assertThat(Detokenizer.detokenize(spaced)).isEqualTo(prose);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"a \\n b,a\\nb", "a \\n\\n b,a\\n\\nb"})
    void spacesAroundLineBreaksGo(String spaced, String prose) {
        assertThat(Detokenizer.detokenize(spaced.replace("\\n", "\n")))
                .isEqualTo(prose.replace("\\n", "\n"));
    }

    @Property(tries = 500)
    void pairsAreTightenedAsTheHarnessExpressionsDo(@ForAll("texts") String text) {
        String expected = text.replace("s '", "s'");
        for (String pair : new String[] {"()", "[]", "{}", "\"\"", "''"}) {
            String open = Pattern.quote(pair.substring(0, 1));
            String close = "\\" + pair.charAt(1);
            String inner = SPACE + "*([^" + close + "]*?)" + SPACE + "*";
            expected =
                    Pattern.compile(open + inner + close)
                            .matcher(expected)
                            .replaceAll(match -> pair.charAt(0) + match.group(1) + pair.charAt(1));
        }
        expected = expected.replace(" \n", "\n").replace("\n ", "\n").replace(" 's", "'s");
        assertThat(Detokenizer.detokenize(text)).isEqualTo(expected);
    }

    @Property(tries = 200)
    void partsAreThoseOfASplitAtRunsOfWhiteSpace(@ForAll("texts") String text) {
        assertThat(Whitespace.parts(text))
                .isEqualTo(Pattern.compile(SPACE + "+").split(text, -1).length);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("ab()[]{}\"'s   \n\u00A0\u2003\u001C\u200B".split(""))
                .list()
                .ofMaxSize(30)
                .map(parts -> String.join("", parts));
    }
}
