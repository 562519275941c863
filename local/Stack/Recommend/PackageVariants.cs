using Serverless.Local.Stack.Load;

namespace Serverless.Local.Stack.Recommend;

/// <summary>A graph of a package that can be served in place of its main one.</summary>
/// <param name="Graph">The file, from the package's folder.</param>
/// <param name="IsMain">Whether it is what the package serves as it is.</param>
internal sealed record PackageVariant(string Graph, bool IsMain);

/// <summary>
/// The precisions that a package holds, as Optimum and transformers.js name them: model.onnx, model_fp16.onnx, model_quantized.onnx, ….
/// </summary>
internal static class PackageVariants
{
    private const string Main = "model";

    private static readonly string[] Folders = ["", "onnx"];

    /// <summary>The main graph first; only that of a package for texts and images, which has two graphs.</summary>
    public static IReadOnlyList<PackageVariant> Of(string folder)
    {
        string[] graphs =
        [
            .. Folders
                .Select(below => Path.Combine(folder, below))
                .Where(Directory.Exists)
                .SelectMany(below => Directory.EnumerateFiles(below, "*.onnx"))
                .Select(file => Path.GetRelativePath(folder, file))
                .Where(file => IsVariant(Path.GetFileNameWithoutExtension(file)))
                .OrderBy(file => Path.GetFileNameWithoutExtension(file).Length)
                .ThenBy(file => file, StringComparer.Ordinal),
        ];
        return graphs.Length == 0
            ? [new PackageVariant("", IsMain: true)]
            : [.. graphs.Select((graph, i) => new PackageVariant(graph, IsMain: i == 0))];
    }

    /// <summary>A copy of the package that serves the variant; the package itself where that is what it serves.</summary>
    /// <param name="scratch">A folder that is there for nothing else.</param>
    public static string Stage(string folder, PackageVariant variant, string scratch)
    {
        if (variant.IsMain)
        {
            return folder;
        }
        string copy = Path.Combine(scratch, Path.GetFileNameWithoutExtension(variant.Graph), "measured", "1");
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string path = Path.GetRelativePath(folder, file);
            bool isOther = path != variant.Graph && path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
            if (isOther)
            {
                continue;
            }
            LoadFiles.Demand(file, long.MaxValue);
            string target = path == variant.Graph ? Path.Combine(Path.GetDirectoryName(path)!, $"{Main}.onnx") : path;
            string to = Path.Combine(copy, target);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to, overwrite: true);
        }
        return copy;
    }

    private static bool IsVariant(string name) => name == Main || name.StartsWith($"{Main}_", StringComparison.Ordinal);
}
