using Serverless.Vectors.Rows;

namespace Serverless.Vectors;

/// <summary>Files that only this process reads, and only while it lives: their names are removed as soon as they are mapped.</summary>
internal sealed class SpillFolder(string? folder)
{
    private const string Space = "spill";

    public SealedRows Write(IReadOnlyList<RowsOfAsset> assets, int dimensions)
    {
        string path = Path.Combine(Directory.CreateDirectory(folder ?? Path.GetTempPath()).FullName, $"{Path.GetRandomFileName()}.vspill");
        new SealedWriter(Space, path, dimensions, assets).Write(path);
        try
        {
            return SealedRows.Open(path, Space, path, dimensions, isSpill: true);
        }
        catch (FormatException e)
        {
            throw new IOException($"{path} is not what was just written to it: {e.Message}", e);
        }
        finally
        {
            TryDelete(path);
        }
    }

    /// <summary>Where a file that is mapped has to keep its name, the system's own tidying of temporary files takes it.</summary>
    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
    }
}
