namespace Serverless.Orchestrations;

/// <summary>Somebody ends a promotion or a validation, as the event <see cref="EventName"/>.</summary>
public sealed record RunCancel(string By, string? Reason)
{
    public const string EventName = "cancel";
}
