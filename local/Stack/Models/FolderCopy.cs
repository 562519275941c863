namespace Serverless.Local.Stack.Models;

/// <summary>A folder once more, to be changed or begun with.</summary>
public static class FolderCopy
{
    /// <summary>Copies all files below a folder; what is there already under their names is overwritten.</summary>
    public static void Make(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }
}
