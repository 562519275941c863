using System.Globalization;

namespace Serverless.Ingest.Health;

/// <summary>What it means for a thing's health that a look at it failed.</summary>
public static class HealthFault
{
    public static HealthFinding Of(string thing, Exception fault, TimeSpan limit) =>
        new(
            thing,
            fault is TimeoutException
                ? "no answer"
                : $"it answered with a fault: {fault.GetBaseException().Message.Split('\n')[0].TrimEnd()}",
            string.Create(CultureInfo.InvariantCulture, $"an answer within {limit.TotalSeconds:0.##} s (Health:AnswerWithin)")
        );
}
