namespace Serverless.Orchestrations.Promotion;

/// <summary>What a promotion is about; the key of all of its activities.</summary>
/// <param name="Before">The version that served when it began; null where none did, or it is not known yet.</param>
public sealed record PromotionTarget(string Promotion, string Environment, string Model, int Version, int? Before);
