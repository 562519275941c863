namespace Serverless.Runs;

/// <summary>What a run is about, as a tag "name:value".</summary>
public static class RunTag
{
    public const string Asset = "asset";
    public const string Model = "model";
    public const string Environment = "environment";

    /// <summary>The function that started the run.</summary>
    public const string Starter = "startedBy";

    /// <summary>Of an asset's tag the value: "s3:bucket/media/a.jpg".</summary>
    public static string ValueOfAsset(string store, string container, string key) => $"{store}:{container}/{key}";

    /// <summary>The value of the first tag of this name; null where there is none.</summary>
    public static string? Find(IEnumerable<string>? tags, string name) =>
        tags?.FirstOrDefault(tag => tag.StartsWith($"{name}:", StringComparison.Ordinal))?[(name.Length + 1)..];

    public static string Of(string name, string value) => RunText.Excerpt($"{name}:{value}", RunText.MaxTagCharacters)!;
}
