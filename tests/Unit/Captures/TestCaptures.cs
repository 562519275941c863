using Serverless.Captures;

namespace Serverless.Unit.Captures;

internal static class TestCaptures
{
    public static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero); // where the manual clock stands

    public static CaptureRecord Prediction(
        DateTimeOffset time,
        string model = "entities",
        int version = 1,
        string arm = "stable",
        CaptureKind kind = CaptureKind.Prediction
    ) =>
        new()
        {
            Kind = kind,
            PredictionId = PredictionId.Create(model, version, "prod", arm, time).ToString(),
            Time = time,
            Model = model,
            Version = version,
            Environment = "prod",
            Arm = arm,
            Status = 200,
            Times = new CaptureTimes(0.1, 0.2, 0.3, 4, 0.5),
            Input = new InputSummary("text", 1, 40),
            Output = new OutputSummary("classify", "harbour", 0.75, [new("harbour", 0.75)], 1, Valid: true),
        };
}
