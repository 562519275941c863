using Serverless.Captures;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Serving;

namespace Serverless.Functions.Azure.Predictions;

/// <summary>A typed answer, with one of the lists that hold results: an entry for each item of the request.</summary>
/// <param name="Task">embed, entities, classify, rerank or detect.</param>
/// <param name="Times">In milliseconds.</param>
internal sealed record PredictAnswer(
    string PredictionId,
    string Model,
    int Version,
    string Arm,
    string Environment,
    string Task,
    CaptureTimes Times,
    IReadOnlyList<float[]>? Embeddings,
    IReadOnlyList<IReadOnlyList<EntityAnswer>>? Entities,
    IReadOnlyList<LabelScore[]>? Labels,
    IReadOnlyList<RankedDocument>? Results,
    IReadOnlyList<DetectedObject[]>? Objects
)
{
    public static PredictAnswer Of(Prediction prediction, IReadOnlyList<string>? texts)
    {
        object value = prediction.Outcome.Value;
        return new PredictAnswer(
            prediction.Id.ToString(),
            prediction.Id.Model,
            prediction.Id.Version,
            prediction.Id.Arm,
            prediction.Id.Environment,
            prediction.Outcome.View.Task,
            prediction.Times,
            value as float[][],
            value is IReadOnlyList<EntitySpan>[] entities ? [.. entities.Select((found, i) => EntityAnswer.Of(found, texts![i]))] : null,
            value as LabelScore[][],
            value as RankedDocument[],
            value as DetectedObject[][]
        );
    }
}

/// <param name="Start">In UTF-16 code units.</param>
internal sealed record EntityAnswer(string Text, string Type, int Start, int Length, float Score)
{
    public static IReadOnlyList<EntityAnswer> Of(IReadOnlyList<EntitySpan> found, string text) =>
        [
            .. found.Select(entity => new EntityAnswer(
                text.Substring(entity.Start, entity.Length),
                entity.Type,
                entity.Start,
                entity.Length,
                entity.Score
            )),
        ];
}
