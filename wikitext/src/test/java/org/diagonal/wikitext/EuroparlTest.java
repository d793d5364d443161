package org.diagonal.wikitext;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EuroparlTest {

    @Test
    void theSplitsAreDisjointAndTogetherTheEnglishText() throws IOException {
        Map<Split, Integer> documents = new EnumMap<>(Split.class);
        long words = 0;
        Set<String> all = new HashSet<>();
        for (Split split : Split.values()) {
            for (String body : Europarl.documents(split)) {
                assertThat(all.add(body)).isTrue();
                assertThat(body).endsWith("\n");
                assertThat(Europarl.splitOf(body)).isEqualTo(split);
                documents.merge(split, 1, Integer::sum);
                words += Whitespace.parts(Whitespace.strip(body));
            }
        }
        assertThat(all).hasSize(1273);
        assertThat(words).isEqualTo(211_293);
        assertThat(documents)
                .isEqualTo(Map.of(Split.TRAIN, 1015, Split.VALIDATION, 128, Split.TEST, 130));
    }

    @Test
    void englishIsTold() {
        assertThat(Europarl.functionWords("This is what I have to say to the House."))
                .isGreaterThan(0.4);
        assertThat(Europarl.functionWords("Das ist, was ich dem Haus zu sagen habe.")).isZero();
        assertThat(Europarl.functionWords("123")).isZero();
    }

    @Test
    void aDocumentIsARowAnArticleAndADocument() throws IOException {
        Corpus corpus = Corpus.europarl(Split.TEST);
        try (HuggingFaceTokenizer tokenizer = Bytes.plain()) {
            TextEncoder encoder = Bytes.encoder(tokenizer);
            Tokens rows = corpus.rows(encoder);
            Tokens joined = corpus.joined(encoder);
            assertThat(rows.rows()).isEqualTo(rows.articles()).isEqualTo((int) corpus.size());
            assertThat(joined.articles()).isEqualTo(rows.articles());
            assertThat(joined.size()).isEqualTo(rows.size());
            for (int i = 0; i < rows.articles(); i++) {
                assertThat(joined.articleStart(i)).isEqualTo(rows.articleStart(i));
            }
            assertThat(corpus.documents(encoder)).hasSize(rows.articles());
        }
        assertThat(corpus.sha256())
                .isEqualTo(Corpus.europarl(Split.TEST).sha256())
                .isNotEqualTo(Corpus.europarl(Split.VALIDATION).sha256());
    }
}
