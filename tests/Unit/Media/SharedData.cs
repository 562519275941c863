using Xunit;

namespace Serverless.Unit.Media;

/// <summary>Real media that is not part of the repository; tests of it are skipped where it is absent.</summary>
internal static class SharedData
{
    public static string Require(string path)
    {
        string file = Path.GetFullPath(SourceTree.PathOf($"../shared/data/{path}"));
        Assert.SkipUnless(File.Exists(file), $"../shared/data/{path} is absent.");
        return file;
    }
}
