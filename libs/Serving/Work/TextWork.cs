using Serverless.Captures;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Packages;

namespace Serverless.Serving.Work;

/// <summary>Texts, for models that embed, classify or find entities.</summary>
public sealed class TextWork(IReadOnlyList<string> texts, int top, string? language) : IPredictionWork
{
    public IReadOnlyList<string> Texts => texts;

    public long Bytes => texts.Sum(text => 2L * text.Length);

    public InputSummary Describe(CaptureOptions options)
    {
        string first = texts[0];
        Dictionary<string, double> features = new() { ["length"] = first.Length, ["words"] = WordsOf(first) };
        string? payload = options.Payloads ? first[..Math.Min(first.Length, options.MaxPayloadCharacters)] : null;
        return new InputSummary("text", texts.Count, texts.Sum(text => (long)text.Length), language, features, payload);
    }

    public async Task<WorkOutcome> RunAsync(ServedModel model, RequestTerms terms, CancellationToken cancellationToken)
    {
        switch (model.Task)
        {
            case ModelTask.TextEmbedding or ModelTask.TextImageEmbedding:
                ServedAnswer<float[][]> vectors = await model.EmbedAsync(texts, terms, cancellationToken);
                return WorkOutcome.Of(vectors, Views.OfVectors);
            case ModelTask.TextClassification:
                ServedAnswer<LabelScore[][]> labels = await model.ClassifyAsync(texts, top, terms, cancellationToken);
                return WorkOutcome.Of(labels, Views.OfLabels);
            case ModelTask.TokenClassification:
                ServedAnswer<IReadOnlyList<EntitySpan>[]> entities = await model.EntitiesAsync(texts, terms, cancellationToken);
                return WorkOutcome.Of(entities, Views.OfEntities);
            default:
                throw Refusal.Invalid($"Model {model.Version} is for {model.Task}, which takes no plain texts.");
        }
    }

    public void Dispose() { }

    private static int WordsOf(string text)
    {
        int words = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsWhiteSpace(text[i]) && (i == 0 || char.IsWhiteSpace(text[i - 1])))
            {
                words++;
            }
        }
        return words;
    }
}
