using System.Numerics.Tensors;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Models;
using Serverless.Media;
using Serverless.Media.Text;
using Serverless.Serving.Work;
using Serverless.Vectors;

namespace Serverless.Ingest.Analyzers;

/// <summary>What was found in a text, and for each space its vectors: one per passage, and their mean for the whole document.</summary>
/// <param name="Passages">The texts of those that stand in the findings.</param>
public sealed record TextAnalysis(
    TextFindings Findings,
    IReadOnlyList<PassageText> Passages,
    IReadOnlyList<SpaceVectors> Vectors,
    IReadOnlyList<ModelUse> Models,
    IReadOnlyList<ModelSpent> Spent
);

/// <summary>
/// Texts → passages, entities, topics and vectors. Each embedding model has passages of its own, as its tokens fill them; those of the
/// first stand in the findings and are what the other roles read. Thread-safe.
/// </summary>
public sealed class TextAnalyzer(AnalysisModels models, LanguageDetection languages, AnalysisOptions options)
{
    /// <summary>What a result list shows of a passage, and an index keeps in memory.</summary>
    private const int SnippetCharacters = 240;

    /// <summary>Tokens handed to a model at once: enough to fill its batches, few enough to let a short text in between.</summary>
    private const int TokensAtOnce = 8_192;

    /// <summary>Passages that topics are read from, spread evenly over the text.</summary>
    private const int TopicPassages = 16;

    /// <summary>Labels of a topic model that are averaged over the passages.</summary>
    private const int MostTopics = 100;

    /// <summary>Vectors of short texts such as captions, for each space of texts.</summary>
    public Task<IReadOnlyList<RoleAnswer<float[][]>>> EmbedAsync(
        AssetSource asset,
        IReadOnlyList<string> texts,
        CancellationToken cancellationToken
    ) => AskAsync(ModelRole.TextEmbedding, asset, texts, language: null, value => (float[][])value, cancellationToken);

    public Task<TextAnalysis> AnalyseAsync(AssetSource asset, TextDocument document, CancellationToken cancellationToken) =>
        AnalyseAsync(asset, document, mayJoin: null, kept: null, cancellationToken);

    /// <param name="mayJoin">Whether a passage may reach over a range of the normalised text.</param>
    /// <param name="kept">Of a text that takes long: where it goes on after its process ended.</param>
    public async Task<TextAnalysis> AnalyseAsync(
        AssetSource asset,
        TextDocument document,
        Predicate<TextRange>? mayJoin,
        KeptParts? kept,
        CancellationToken cancellationToken
    )
    {
        string? language = languages.Detect(document.Normalised);
        IReadOnlyList<RoleAnswer<EmbeddedText>> embedded = await models.AskAsync(
            ModelRole.TextEmbedding,
            asset,
            model => Prepare(document, model, language, mayJoin, kept),
            cancellationToken
        );
        EmbeddedText text = embedded[0].Value;
        Task<IReadOnlyList<RoleAnswer<IReadOnlyList<EntitySpan>[]>>> finding = AskAsync(
            ModelRole.Entities,
            asset,
            text.Inputs,
            language,
            value => (IReadOnlyList<EntitySpan>[])value,
            cancellationToken
        );
        Task<IReadOnlyList<RoleAnswer<LabelScore[][]>>> sorting = AskAsync(
            ModelRole.Topics,
            asset,
            Spread(text.Inputs, TopicPassages),
            language,
            value => (LabelScore[][])value,
            cancellationToken
        );
        await Task.WhenAll(finding, sorting);
        IReadOnlyList<RoleAnswer<IReadOnlyList<EntitySpan>[]>> entities = await finding;
        IReadOnlyList<RoleAnswer<LabelScore[][]>> topics = await sorting;
        return new TextAnalysis(
            FindingsOf(
                document,
                text.Passages,
                entities.Findings((answer, model) => EntitiesOf(document, text.Passages, answer, model)),
                topics.Findings((answer, model) => TopicsOf(answer.Value, model))
            ) with
            {
                Language = language,
            },
            [.. text.Passages.Select((passage, i) => new PassageText(PlaceOf(document, passage), text.Inputs[i]))],
            [.. embedded.Select(answer => new SpaceVectors(answer.Space, EntriesOf(document, answer.Value, answer.Dimensions)))],
            [.. embedded.Select(a => a.Use), .. entities.Select(a => a.Use), .. topics.Select(a => a.Use)],
            [.. embedded.Spent(), .. entities.Spent(), .. topics.Spent()]
        );
    }

    private PreparedInput<EmbeddedText> Prepare(
        TextDocument document,
        ServedModel model,
        string? language,
        Predicate<TextRange>? mayJoin,
        KeptParts? kept
    )
    {
        PassageSplitter splitter = new(model.CountTokens, Math.Min(options.PassageTokens, model.MaxTokens));
        IReadOnlyList<PassageSplitter.Passage> passages = splitter.Split(document.Normalised, document.Sentences, mayJoin);
        string[] inputs = [.. passages.Select(passage => document.Slice(passage.Range).ToString())];
        return new PreparedInput<EmbeddedText>(WorkOf(inputs, language, kept), outcome => new EmbeddedText(
            passages,
            inputs,
            (float[][]?)outcome?.Value ?? []
        ));
    }

    private Task<IReadOnlyList<RoleAnswer<T[]>>> AskAsync<T>(
        ModelRole role,
        AssetSource asset,
        IReadOnlyList<string> texts,
        string? language,
        Func<object, T[]> read,
        CancellationToken cancellationToken
    ) =>
        models.AskAsync(
            role,
            asset,
            _ => new PreparedInput<T[]>(WorkOf(texts, language), outcome => outcome is null ? [] : read(outcome.Value)),
            cancellationToken
        );

    private TextWork? WorkOf(IReadOnlyList<string> texts, string? language, KeptParts? kept = null) =>
        texts.Count == 0 ? null : new TextWork(texts, MostTopics, language, Math.Max(1, TokensAtOnce / options.PassageTokens), kept);

    private static string[] Spread(IReadOnlyList<string> texts, int most) =>
        texts.Count <= most ? [.. texts] : [.. Enumerable.Range(0, most).Select(i => texts[(int)((long)i * texts.Count / most)])];

    private static List<VectorEntry> EntriesOf(TextDocument document, EmbeddedText text, int dimensions)
    {
        List<VectorEntry> entries = new(text.Vectors.Length + 1);
        float[] sum = new float[dimensions];
        for (int i = 0; i < text.Vectors.Length; i++)
        {
            PassageSplitter.Passage passage = text.Passages[i];
            entries.Add(
                new VectorEntry(EntryKind.Of(MediaKind.Text), PlaceOf(document, passage), Snippet(text.Inputs[i]), text.Vectors[i])
            );
            TensorPrimitives.MultiplyAdd(text.Vectors[i], passage.Tokens, sum, sum);
        }
        if (entries.Count > 0)
        {
            entries.Add(new VectorEntry(EntryKind.Document, Place.Whole, "", Normalised(sum)));
        }
        return entries;
    }

    private static string PlaceOf(TextDocument document, PassageSplitter.Passage passage)
    {
        TextRange original = document.OriginalRange(passage.Range);
        return Place.OfText(original.Start, original.End);
    }

    private static IEnumerable<EntityFinding> EntitiesOf(
        TextDocument document,
        IReadOnlyList<PassageSplitter.Passage> passages,
        RoleAnswer<IReadOnlyList<EntitySpan>[]> answer,
        string? model
    ) => answer.Value.SelectMany((spans, i) => spans.Select(span => EntityOf(document, passages[i], span, model)));

    private static EntityFinding EntityOf(TextDocument document, PassageSplitter.Passage passage, EntitySpan span, string? model)
    {
        TextRange original = document.OriginalRange(new TextRange(passage.Range.Start + span.Start, span.Length));
        return new EntityFinding(
            original.Start,
            original.End,
            span.Type,
            document.Original.Substring(original.Start, original.Length),
            span.Score,
            model
        );
    }

    /// <summary>The mean of the passages' scores, best first.</summary>
    private IEnumerable<LabelFinding> TopicsOf(LabelScore[][] passages, string? model) =>
        passages
            .SelectMany(scores => scores)
            .GroupBy(score => score.Label, score => score.Score, StringComparer.Ordinal)
            .Select(label => new LabelFinding(label.Key, label.Sum() / passages.Length, model))
            .OrderByDescending(topic => topic.Score)
            .ThenBy(topic => topic.Label, StringComparer.Ordinal)
            .Take(options.Labels);

    private static TextFindings FindingsOf(
        TextDocument document,
        IReadOnlyList<PassageSplitter.Passage> passages,
        IReadOnlyList<EntityFinding> entities,
        IReadOnlyList<LabelFinding> topics
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
            Topics = topics,
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

    /// <summary>A text as one version cut it.</summary>
    private sealed record EmbeddedText(IReadOnlyList<PassageSplitter.Passage> Passages, IReadOnlyList<string> Inputs, float[][] Vectors);
}
