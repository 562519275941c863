using System.Text.Json;
using Serverless.Local.Stack.Models;

namespace Serverless.Unit.Inference;

/// <summary>A model package in a temporary folder, empty or copied from tests/Data/models.</summary>
internal sealed class TemporaryPackage : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("model-");

    public TemporaryPackage(string name, string? copyOf = null)
    {
        Folder = Path.Combine(_root.FullName, name, "1");
        Directory.CreateDirectory(Folder);
        if (copyOf is null)
        {
            return;
        }
        FolderCopy.Make(TestModels.Folder(copyOf), Folder);
    }

    public string Folder { get; }

    /// <summary>Where a file of the package is; its folder is made.</summary>
    public string PathOf(string file)
    {
        string path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    public void WriteJson(string file, object content) => File.WriteAllBytes(PathOf(file), JsonSerializer.SerializeToUtf8Bytes(content));

    public void Dispose() => _root.Delete(recursive: true);
}
