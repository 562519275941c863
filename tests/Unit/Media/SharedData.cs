using Xunit;

namespace Serverless.Unit.Media;

/// <summary>Real media that is not part of the repository; tests of it are skipped where it is absent.</summary>
internal static class SharedData
{
    public static string Require(string path)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Serverless.sln"))) continue;
            string file = Path.Combine(folder.Parent!.FullName, "shared", "data", path);
            Assert.SkipUnless(File.Exists(file), $"../shared/data/{path} is absent.");
            return file;
        }

        Assert.Skip("The repository's root was not found.");
        return "";
    }
}
