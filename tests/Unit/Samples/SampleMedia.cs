using System.Text.Json;
using Serverless.Unit.Inference;

namespace Serverless.Unit.Samples;

/// <summary>samples/media, what expected.json says of it, and the analyzers over the sample models.</summary>
internal static class SampleMedia
{
    private static readonly Lazy<Expected> Contents = new(() =>
        JsonSerializer.Deserialize<Expected>(File.ReadAllBytes(FileOf("expected.json")), JsonSerializerOptions.Web)!
    );

    public static string Folder => TestModels.Data("../../samples/media");

    public static ExpectedAsset[] Assets => Contents.Value.Assets;

    public static ExpectedSearch[] Searches => Contents.Value.Searches;

    public static string FileOf(string name) => Path.Combine(Folder, name);

    public static ExpectedAsset Of(string file) => Assets.Single(asset => asset.File == file);

    internal sealed record Expected(ExpectedSearch[] Searches, ExpectedAsset[] Assets);

    internal sealed record ExpectedSearch(string Query, string Finds);

    internal sealed record ExpectedEntity(string Text, string Type);

    internal sealed record ExpectedAsset(
        string File,
        string Kind,
        string MediaType,
        string? Search,
        ExpectedEntity[]? Entities,
        int Width,
        int Height,
        string? Label,
        ExpectedThing[]? Things,
        double Seconds,
        double[]? Cuts
    );

    /// <param name="Box">Left, top, right, bottom in pixels.</param>
    internal sealed record ExpectedThing(string Label, float[] Box);
}
