using Serverless.Captures;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Packages;

namespace Serverless.Serving.Work;

/// <summary>Texts, for models that embed, classify or find entities.</summary>
/// <param name="atOnce">Texts that are handed to the model together; of more, one part after the other.</param>
/// <param name="kept">Where vectors of parts are kept; null where a call that ends with its process begins anew.</param>
public sealed class TextWork(IReadOnlyList<string> texts, int top, string? language, int atOnce = int.MaxValue, KeptParts? kept = null)
    : IPredictionWork
{
    public IReadOnlyList<string> Texts => texts;

    public long Bytes => texts.Sum(text => 2L * text.Length);

    public InputSummary Describe(CaptureOptions options)
    {
        string first = texts[0];
        string? payload = options.Payloads ? first[..Math.Min(first.Length, options.MaxPayloadCharacters)] : null;
        return new InputSummary("text", texts.Count, texts.Sum(text => (long)text.Length), language, TextFeatures.Of(first), payload);
    }

    public async Task<WorkOutcome> RunAsync(ServedModel model, RequestTerms terms, CancellationToken cancellationToken)
    {
        switch (model.Task)
        {
            case ModelTask.TextEmbedding or ModelTask.TextImageEmbedding:
                ServedAnswer<float[][]> vectors = await InPartsAsync(
                    some => model.EmbedAsync(some, terms, cancellationToken),
                    some => kept?.FindAsync(model, some, cancellationToken) ?? Nothing<float[]>(some),
                    (some, found) => kept?.KeepAsync(model, some, found, cancellationToken) ?? Task.CompletedTask
                );
                return WorkOutcome.Of(vectors, Views.OfVectors);
            case ModelTask.TextClassification:
                ServedAnswer<LabelScore[][]> labels = await InPartsAsync(some => model.ClassifyAsync(some, top, terms, cancellationToken));
                return WorkOutcome.Of(labels, Views.OfLabels);
            case ModelTask.TokenClassification:
                ServedAnswer<IReadOnlyList<EntitySpan>[]> entities = await InPartsAsync(some =>
                    model.EntitiesAsync(some, terms, cancellationToken)
                );
                return WorkOutcome.Of(entities, Views.OfEntities);
            default:
                throw Refusal.Invalid($"Model {model.Version} is for {model.Task}, which takes no plain texts.");
        }
    }

    public void Dispose() { }

    private Task<ServedAnswer<T[]>> InPartsAsync<T>(Func<IReadOnlyList<string>, Task<ServedAnswer<T[]>>> answer) =>
        InPartsAsync(answer, Nothing<T>, (_, _) => Task.CompletedTask);

    private static Task<T[]?> Nothing<T>(IReadOnlyList<string> part) => Task.FromResult<T[]?>(null);

    /// <summary>The last part is always asked about, and never kept: its answer tells which model gave it.</summary>
    private async Task<ServedAnswer<T[]>> InPartsAsync<T>(
        Func<IReadOnlyList<string>, Task<ServedAnswer<T[]>>> answer,
        Func<IReadOnlyList<string>, Task<T[]?>> find,
        Func<IReadOnlyList<string>, T[], Task> keep
    )
    {
        List<T> values = new(texts.Count);
        RequestTimes times = default;
        TokenCounts tokens = default;
        ModelTime spent = default;
        string[][] parts = [.. texts.Chunk(atOnce)];
        foreach (string[] part in parts[..^1])
        {
            if (await find(part) is { } known)
            {
                values.AddRange(known);
                continue;
            }
            ServedAnswer<T[]> some = await answer(part);
            await keep(part, some.Value);
            Add(some);
        }
        ServedAnswer<T[]> last = await answer(parts[^1]);
        Add(last);
        return last with { Value = [.. values], Times = times, Tokens = tokens, Spent = spent };

        void Add(ServedAnswer<T[]> one)
        {
            values.AddRange(one.Value);
            times += one.Times;
            tokens += one.Tokens;
            spent += one.Spent;
        }
    }
}
