namespace Serverless.Cards;

/// <summary>The sections that cards may have.</summary>
public static class CardParts
{
    public const string Identity = "identity";
    public const string Purpose = "purpose";
    public const string Inputs = "inputs";
    public const string Data = "data";
    public const string Performance = "performance";
    public const string Limits = "limits";
    public const string Oversight = "oversight";
    public const string Serving = "serving";
    public const string Monitoring = "monitoring";
    public const string Security = "security";
    public const string Records = "records";
    public const string Cost = "cost";
}
