using System.Numerics.Tensors;
using Serverless.Inference;
using Serverless.Ingest.Documents;
using Serverless.Media;
using Serverless.Media.Text;
using Serverless.Vectors;

namespace Serverless.Ingest.Analyzers;

/// <summary>What was found in a text, and its vectors: one per passage, and their mean for the whole document.</summary>
public sealed record TextAnalysis(TextFindings Findings, IReadOnlyList<VectorEntry> Vectors);

/// <summary>Some passages of one text, as the models take them.</summary>
public sealed record TextPiece(IReadOnlyList<PassageSplitter.Passage> Passages, IReadOnlyList<string> Inputs)
{
    public int Tokens => Passages.Sum(passage => passage.Tokens);
}

/// <summary>What the models say of one passage.</summary>
public sealed record PassageReading(float[] Vector, IReadOnlyList<EntitySpan> Entities);

/// <summary>Texts → passages, entities and vectors. Thread-safe.</summary>
public sealed class TextAnalyzer(TextEmbedder embedder, EntityRecognizer recognizer, AnalysisOptions options)
{
    /// <summary>What a result list shows of a passage, and an index keeps in memory.</summary>
    private const int SnippetCharacters = 240;

    /// <summary>
    /// Passages handed to the models at once: enough to fill their batches, few enough to stop soon when cancelled, and to let a short text
    /// in between.
    /// </summary>
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

    public TextAnalysis Analyse(TextDocument document, IReadOnlyList<PassageSplitter.Passage> passages, CancellationToken cancellationToken)
    {
        Gathering gathering = new(document, passages, embedder.Dimensions);
        foreach (TextPiece piece in gathering.Pieces())
        {
            gathering.Add(piece, Read(piece.Inputs, cancellationToken));
        }
        return gathering.Finish();
    }

    /// <summary>The same piece by piece, each read by who shares the models with other texts.</summary>
    public async Task<TextAnalysis> AnalyseAsync(
        TextDocument document,
        IReadOnlyList<PassageSplitter.Passage> passages,
        Func<TextPiece, Task<IReadOnlyList<PassageReading>>> read
    )
    {
        Gathering gathering = new(document, passages, embedder.Dimensions);
        foreach (TextPiece piece in gathering.Pieces())
        {
            gathering.Add(piece, await read(piece));
        }
        return gathering.Finish();
    }

    /// <summary>Pieces of several texts together; the results stand in their order.</summary>
    public IReadOnlyList<IReadOnlyList<PassageReading>> ReadAll(IReadOnlyList<TextPiece> pieces, CancellationToken cancellationToken)
    {
        IEnumerable<string> inputs = pieces.SelectMany(piece => piece.Inputs);
        PassageReading[] all = [.. inputs.Chunk(PassagesAtOnce).SelectMany(some => Read(some, cancellationToken))];
        int next = 0;
        return [.. pieces.Select(piece => all[next..(next += piece.Inputs.Count)])];
    }

    private PassageReading[] Read(IReadOnlyList<string> inputs, CancellationToken cancellationToken)
    {
        float[][] embedded = embedder.Embed(inputs, cancellationToken);
        IReadOnlyList<IReadOnlyList<EntitySpan>> recognized = recognizer.Recognize(inputs, cancellationToken);
        return [.. embedded.Select((vector, i) => new PassageReading(vector, recognized[i]))];
    }

    /// <summary>What has been found in a text so far.</summary>
    private sealed class Gathering(TextDocument document, IReadOnlyList<PassageSplitter.Passage> passages, int dimensions)
    {
        private readonly List<EntityFinding> _entities = [];
        private readonly List<VectorEntry> _vectors = new(passages.Count + 1);
        private readonly float[] _sum = new float[dimensions];

        public IEnumerable<TextPiece> Pieces() =>
            passages
                .Chunk(PassagesAtOnce)
                .Select(some => new TextPiece(some, [.. some.Select(passage => document.Slice(passage.Range).ToString())]));

        public void Add(TextPiece piece, IReadOnlyList<PassageReading> readings)
        {
            for (int i = 0; i < readings.Count; i++)
            {
                PassageSplitter.Passage passage = piece.Passages[i];
                _vectors.Add(EntryOf(document, passage, piece.Inputs[i], readings[i].Vector));
                _entities.AddRange(readings[i].Entities.Select(span => EntityOf(document, passage, span)));
                TensorPrimitives.MultiplyAdd(readings[i].Vector, passage.Tokens, _sum, _sum);
            }
        }

        public TextAnalysis Finish()
        {
            if (passages.Count > 0)
            {
                _vectors.Add(new VectorEntry(EntryKind.Document, Place.Whole, "", Normalised(_sum)));
            }
            return new TextAnalysis(FindingsOf(document, passages, _entities), _vectors);
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
