using Serverless.Inference;
using Serverless.Media.Images;
using Serverless.Packages;
using Serverless.Validation.Golden;

namespace Serverless.Validation.Trials;

/// <summary>An item with its pictures.</summary>
/// <param name="Scale">Original pixels for each pixel of the picture, which is reduced as it is for predictions.</param>
internal sealed record TrialItem(GoldenItem Item, RgbImage? Picture = null, double Scale = 1, IReadOnlyList<RgbImage>? Documents = null);

/// <summary>
/// The golden set in the process on trial: lines from a file, pictures from the folder beside it, decoded when they are asked for.
/// </summary>
internal sealed class TrialItems
{
    /// <summary>As Predictions:DecodePixels has it by default.</summary>
    private const int DecodePixels = 1_280;

    private readonly IReadOnlyList<GoldenItem> _items;
    private readonly string _folder;
    private readonly ModelTask _task;
    private readonly Lazy<ImageReader> _reader = new(() => new ImageReader(new ImageOptions()));

    private TrialItems(IReadOnlyList<GoldenItem> items, string folder, ModelTask task) => (_items, _folder, _task) = (items, folder, task);

    public static TrialItems None { get; } = new([], "", default);

    public int Count => _items.Count;

    public static TrialItems Open(string file, ModelTask task) =>
        new(GoldenReader.Read(File.ReadAllBytes(file), task), Path.GetDirectoryName(file)!, task);

    public TrialItem[] Load(int from, int count) => [.. _items.Skip(from).Take(count).Select(Load)];

    private TrialItem Load(GoldenItem item)
    {
        IReadOnlyList<RgbImage>? documents = GoldenRules.HasPicturesAsDocuments(_task)
            ? item.Documents?.Select(d => Decode(d).Picture).ToList()
            : null;
        if (item.Media is null)
        {
            return new TrialItem(item, Documents: documents);
        }
        (RgbImage picture, double scale) = Decode(item.Media);
        return new TrialItem(item, picture, scale, documents);
    }

    private (RgbImage Picture, double Scale) Decode(string media)
    {
        using DecodedImage image = _reader.Value.Decode(File.ReadAllBytes(Path.Combine(_folder, media["sha256:".Length..])), DecodePixels);
        return (new RgbImage(image.Rgb.ToArray(), image.Width, image.Height), (double)image.OriginalWidth / image.Width);
    }
}
