using Serverless.Captures;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Packages;

namespace Serverless.Serving.Work;

/// <summary>Texts, for models that embed, classify or find entities.</summary>
/// <param name="atOnce">Texts that are handed to the model together; of more, one part after the other.</param>
public sealed class TextWork(IReadOnlyList<string> texts, int top, string? language, int atOnce = int.MaxValue) : IPredictionWork
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
                ServedAnswer<float[][]> vectors = await InPartsAsync(some => model.EmbedAsync(some, terms, cancellationToken));
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

    private async Task<ServedAnswer<T[]>> InPartsAsync<T>(Func<IReadOnlyList<string>, Task<ServedAnswer<T[]>>> answer)
    {
        if (texts.Count <= atOnce)
        {
            return await answer(texts);
        }
        List<T> values = new(texts.Count);
        ServedAnswer<T[]>? last = null;
        RequestTimes times = default;
        TokenCounts tokens = default;
        ModelTime spent = default;
        foreach (string[] part in texts.Chunk(atOnce))
        {
            last = await answer(part);
            values.AddRange(last.Value);
            times += last.Times;
            tokens += last.Tokens;
            spent += last.Spent;
        }
        return last! with { Value = [.. values], Times = times, Tokens = tokens, Spent = spent };
    }
}
