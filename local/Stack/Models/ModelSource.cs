using System.Net.Http.Headers;
using System.Net.Http.Json;
using Serverless.Packages;

namespace Serverless.Local.Stack.Models;

/// <summary>What FROM may be: a folder, a .zip or .tar.gz file, or a folder of a store as azure:prefix or s3:prefix.</summary>
internal static class ModelSource
{
    /// <exception cref="StackException">It is none of these.</exception>
    public static HttpContent Open(string from, ModelFacts facts)
    {
        if (from.Split(':', 2) is [("azure" or "s3") and var store, { Length: > 0 } prefix])
        {
            return JsonContent.Create(
                new
                {
                    from = prefix,
                    store,
                    licence = facts.Licence,
                    metrics = facts.Metrics,
                    lineage = facts.Lineage,
                }
            );
        }
        if (Directory.Exists(from))
        {
            return Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Any()
                ? new FolderArchive(from)
                : throw new StackException($"The folder '{from}' has no files; expected are those of a package.");
        }
        if (!File.Exists(from))
        {
            throw new StackException($"There is no '{from}'. FROM is a folder, a .zip or .tar.gz file, or azure:PREFIX or s3:PREFIX.");
        }
        if (RegularFile.FindOther(from) is { } other)
        {
            throw new StackException($"'{from}' is {other}. FROM is a folder, a .zip or .tar.gz file, or azure:PREFIX or s3:PREFIX.");
        }
        string? type =
            from.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? "application/zip"
            : from.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase) || from.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase)
                ? "application/gzip"
            : null;
        return new StreamContent(File.OpenRead(from))
        {
            Headers =
            {
                ContentType = new MediaTypeHeaderValue(
                    type
                        ?? throw new StackException(
                            $"'{from}' is neither a .zip nor a .tar.gz file. A single .onnx file goes into a folder, as model.onnx."
                        )
                ),
            },
        };
    }
}
