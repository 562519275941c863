using Serverless.Captures;
using Serverless.Inference.Serving;

namespace Serverless.Serving.Work;

/// <summary>A query and documents, for cross-encoders.</summary>
public sealed class RerankWork(string query, IReadOnlyList<string> documents, int? topN, string? language) : IPredictionWork
{
    public long Bytes => (2L * query.Length) + documents.Sum(document => 2L * document.Length);

    public InputSummary Describe(CaptureOptions options)
    {
        Dictionary<string, double> features = new() { ["length"] = query.Length, ["documents"] = documents.Count };
        string? payload = options.Payloads ? query[..Math.Min(query.Length, options.MaxPayloadCharacters)] : null;
        return new InputSummary("pairs", documents.Count, Bytes / 2, language, features, payload);
    }

    public async Task<WorkOutcome> RunAsync(ServedModel model, RequestTerms terms, CancellationToken cancellationToken)
    {
        ServedAnswer<RankedDocument[]> answer = await model.RerankAsync(query, documents, topN, terms, cancellationToken);
        return WorkOutcome.Of(answer, Views.OfRanks);
    }

    public void Dispose() { }
}
