using Serverless.Imaging;
using Serverless.Inference.Images;
using Serverless.Packages;

namespace Serverless.Inference.Detection;

/// <summary>
/// Reads the output of a YOLOX head (Megvii-BaseDetection/YOLOX, yolox/utils/demo_utils.py demo_postprocess, Apache-2.0): rows of centre,
/// size, objectness and label scores, grid by grid from the finest, row by row. Unless config.json's "decoded" is true, the centre
/// counts in cells from its own and the size is a logarithm of cells. Objectness and label scores have their sigmoid in the graph.
/// </summary>
internal sealed class DetectionHead
{
    private const int BoxValues = 5; // centre x, y, width, height, objectness

    private readonly ImageSize _size;
    private readonly int _labels;
    private readonly bool _decoded;

    private DetectionHead(ImageSize size, int labels, int[] strides, bool decoded)
    {
        (_size, _labels, _decoded, Strides) = (size, labels, decoded, strides);
        Cells = strides.Sum(s => size.Width / s * (size.Height / s));
    }

    public int[] Strides { get; }
    public int Cells { get; }
    public int Width => BoxValues + _labels;

    /// <summary>Default 0.25.</summary>
    public required float ScoreThreshold { get; init; }

    /// <summary>Default 0.45, that of YOLOX's demonstration.</summary>
    public required float OverlapThreshold { get; init; }

    /// <summary>Boxes suppress those of other labels too; default false.</summary>
    public required bool AcrossLabels { get; init; }

    /// <summary>Default 100.</summary>
    public required int MaxDetections { get; init; }

    /// <param name="fixedSize">Of every image; null where it depends on the image, which the grids cannot.</param>
    public static DetectionHead Load(PackageFiles files, ImageSize? fixedSize, int labels)
    {
        ImageSize size = fixedSize
            ?? throw files.Mismatch(
                "preprocessor_config.json",
                "a size that depends on the image",
                "height and width, which the head's grids need"
            );
        JsonFile json = files.LoadJson("config.json");
        int[] strides = [.. (json.Numbers("strides") ?? [8, 16, 32]).Select(s => (int)s)];
        if (strides.Length is 0 or > 8 || strides.Any(s => s < 1 || size.Width % s != 0 || size.Height % s != 0))
        {
            string found = string.Join(", ", strides),
                expected = $"1 to 8 divisors of both sides of {size}";
            throw json.Has("strides") ? json.Reject("strides", found, expected) : json.Mismatch("strides", found, expected);
        }
        return new DetectionHead(size, labels, strides, json.Flag("decoded") ?? false)
        {
            ScoreThreshold = ReadPart(json, "score_threshold", 0.25f),
            OverlapThreshold = ReadPart(json, "nms_threshold", 0.45f),
            AcrossLabels = json.Flag("class_agnostic") ?? false,
            MaxDetections = json.Integer("max_detections") switch
            {
                null => 100,
                { } most and >= 1 and <= NonMaximumSuppression.MaxCandidates => most,
                { } most => throw json.Reject("max_detections", $"{most}", $"1 to {NonMaximumSuppression.MaxCandidates}"),
            },
        };
    }

    /// <summary>What its model must answer for one image.</summary>
    public string Describe() =>
        $"[{Cells},{Width}]: a row for each cell of grids of {string.Join(", ", Strides)} pixels in {_size}, of a box, objectness "
        + $"and {_labels} labels";

    /// <summary>Every label of every cell whose score, objectness × label score, is at least the threshold.</summary>
    public List<ScoredBox> Decode(ReadOnlySpan<float> rows, float scoreThreshold)
    {
        var boxes = new List<ScoredBox>();
        foreach (int stride in Strides)
        {
            for (int y = 0; y < _size.Height / stride; y++)
            {
                for (int x = 0; x < _size.Width / stride; x++, rows = rows[Width..])
                {
                    if (rows[4] >= scoreThreshold)
                    {
                        AddLabels(rows[..Width], x, y, stride, scoreThreshold, boxes);
                    }
                }
            }
        }
        return boxes;
    }

    private void AddLabels(ReadOnlySpan<float> row, int x, int y, int stride, float scoreThreshold, List<ScoredBox> boxes)
    {
        (float centreX, float centreY, float width, float height) = _decoded
            ? (row[0], row[1], row[2], row[3])
            : ((row[0] + x) * stride, (row[1] + y) * stride, MathF.Exp(row[2]) * stride, MathF.Exp(row[3]) * stride);
        for (int label = 0; label < _labels; label++)
        {
            float score = row[4] * row[BoxValues + label];
            if (score >= scoreThreshold)
            {
                boxes.Add(
                    new ScoredBox(
                        centreX - (width / 2),
                        centreY - (height / 2),
                        centreX + (width / 2),
                        centreY + (height / 2),
                        label,
                        score
                    )
                );
            }
        }
    }

    private static float ReadPart(JsonFile json, string key, float custom) =>
        json.Number(key) switch
        {
            null => custom,
            { } value and >= 0 and <= 1 => (float)value,
            { } value => throw json.Reject(key, $"{value}", "0 to 1"),
        };
}
