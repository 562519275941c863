using System.Numerics.Tensors;
using Serverless.Inference;
using Serverless.Ingest.Documents;
using Serverless.Media;
using Serverless.Media.Text;
using Serverless.Vectors;

namespace Serverless.Ingest.Analyzers;

/// <summary>What was found in a text, and its vectors: one per passage, and their mean for the whole document.</summary>
public sealed record TextAnalysis(TextFindings Findings, IReadOnlyList<VectorEntry> Vectors);

/// <summary>Texts → passages, entities and vectors. Thread-safe.</summary>
public sealed class TextAnalyzer(TextEmbedder embedder, EntityRecognizer recognizer, AnalysisOptions options)
{
    /// <summary>What a result list shows of a passage, and an index keeps in memory.</summary>
    private const int SnippetCharacters = 240;

    /// <summary>Passages handed to the models at once: enough to fill their batches, few enough to stop soon when cancelled.</summary>
    private const int PassagesAtOnce = 256;

    private readonly PassageSplitter _splitter = new(
        text => embedder.Tokenizer.CountTokens(text, addSpecialTokens: false),
        Math.Min(options.PassageTokens, embedder.MaxTokens - embedder.Tokenizer.SpecialTokenCount())
    );

    public VectorSpace Space { get; } = VectorSpace.Of(embedder.Model, embedder.Dimensions);

    public ModelUse EmbeddingModel { get; } = ModelRoles.TextEmbedding(embedder.Model);

    public IReadOnlyList<ModelUse> Models { get; } = [ModelRoles.TextEmbedding(embedder.Model), ModelRoles.Entities(recognizer.Model)];

    /// <summary>A vector in the space of texts, for a query or a caption.</summary>
    public IReadOnlyList<float[]> Embed(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        embedder.Embed(texts, cancellationToken);

    public IReadOnlyList<PassageSplitter.Passage> Split(TextDocument document) => _splitter.Split(document.Normalised, document.Sentences);

    public TextAnalysis Analyse(
        TextDocument document,
        IReadOnlyList<PassageSplitter.Passage> passages,
        CancellationToken cancellationToken
    ) => AnalyseAll([new SplitText(document, passages)], cancellationToken)[0];

    /// <summary>Several texts in the batches of one; the results stand in their order.</summary>
    public IReadOnlyList<TextAnalysis> AnalyseAll(IReadOnlyList<SplitText> texts, CancellationToken cancellationToken)
    {
        Gathering[] gatherings = [.. texts.Select(text => new Gathering(text, embedder.Dimensions))];
        var all = gatherings.SelectMany(gathering => gathering.Text.Passages.Select(passage => (Gathering: gathering, Passage: passage)));
        foreach (var some in all.Chunk(PassagesAtOnce))
        {
            string[] inputs = [.. some.Select(item => item.Gathering.Text.Document.Slice(item.Passage.Range).ToString())];
            float[][] embedded = embedder.Embed(inputs, cancellationToken);
            IReadOnlyList<IReadOnlyList<EntitySpan>> recognized = recognizer.Recognize(inputs, cancellationToken);
            for (int i = 0; i < some.Length; i++)
            {
                some[i].Gathering.Add(some[i].Passage, inputs[i], embedded[i], recognized[i]);
            }
        }
        return [.. gatherings.Select(gathering => gathering.Finish())];
    }

    /// <summary>What has been found in one of several texts so far.</summary>
    private sealed class Gathering(SplitText text, int dimensions)
    {
        private readonly List<EntityFinding> _entities = [];
        private readonly List<VectorEntry> _vectors = new(text.Passages.Count + 1);
        private readonly float[] _sum = new float[dimensions];

        public SplitText Text => text;

        public void Add(PassageSplitter.Passage passage, string input, float[] vector, IReadOnlyList<EntitySpan> entities)
        {
            _vectors.Add(EntryOf(text.Document, passage, input, vector));
            _entities.AddRange(entities.Select(span => EntityOf(text.Document, passage, span)));
            TensorPrimitives.MultiplyAdd(vector, passage.Tokens, _sum, _sum);
        }

        public TextAnalysis Finish()
        {
            if (text.Passages.Count > 0)
            {
                _vectors.Add(new VectorEntry(EntryKind.Document, Place.Whole, "", Normalised(_sum)));
            }
            return new TextAnalysis(FindingsOf(text.Document, text.Passages, _entities), _vectors);
        }
    }

    private static VectorEntry EntryOf(TextDocument document, PassageSplitter.Passage passage, string text, float[] vector)
    {
        TextRange original = document.OriginalRange(passage.Range);
        return new VectorEntry(EntryKind.Of(MediaKind.Text), Place.OfText(original.Start, original.End), Snippet(text), vector);
    }

    private static EntityFinding EntityOf(TextDocument document, PassageSplitter.Passage passage, EntitySpan span)
    {
        TextRange original = document.OriginalRange(new TextRange(passage.Range.Start + span.Start, span.Length));
        return new EntityFinding(
            original.Start,
            original.End,
            span.Type,
            document.Original.Substring(original.Start, original.Length),
            span.Score
        );
    }

    private static TextFindings FindingsOf(
        TextDocument document,
        IReadOnlyList<PassageSplitter.Passage> passages,
        IReadOnlyList<EntityFinding> entities
    ) =>
        new()
        {
            Charset = document.Encoding,
            Characters = document.Original.Length,
            Words = document.Normalised.AsSpan().CountWords(),
            Lines = document.Original.AsSpan().Count('\n') + 1,
            Tokens = passages.Sum(passage => passage.Tokens),
            Sentences = [.. document.Sentences.Select(sentence => SpanOf(document.OriginalRange(sentence)))],
            Passages = [.. passages.Select(passage => PassageOf(document.OriginalRange(passage.Range), passage.Tokens))],
            Entities = entities,
            Warnings = document.Warnings,
        };

    private static SentenceSpan SpanOf(TextRange range) => new(range.Start, range.End);

    private static PassageFinding PassageOf(TextRange range, int tokens) => new(range.Start, range.End, tokens);

    private static string Snippet(string text)
    {
        if (text.Length <= SnippetCharacters)
        {
            return text;
        }
        int end = char.IsHighSurrogate(text[SnippetCharacters - 1]) ? SnippetCharacters - 1 : SnippetCharacters;
        return text[..end] + "…";
    }

    private static float[] Normalised(float[] vector)
    {
        float length = TensorPrimitives.Norm(vector);
        if (length > 0)
        {
            TensorPrimitives.Divide(vector, length, vector);
        }
        return vector;
    }
}
