namespace Serverless.Runs;

/// <summary>What a run is about, as a tag "name:value".</summary>
public static class RunTag
{
    public const string Asset = "asset";
    public const string Model = "model";
    public const string Environment = "environment";

    /// <summary>The function that started the run.</summary>
    public const string Starter = "startedBy";

    public static string Of(string name, string value) => RunText.Excerpt($"{name}:{value}", RunText.MaxTagCharacters)!;
}
