using System.Runtime.Versioning;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.Unit.Local.Stack;

[UnsupportedOSPlatform("windows")]
public sealed class DataFolderTests
{
    [Fact]
    public void Create_MakesAFolderForItsOwnerOnly()
    {
        string folder = Path.Combine(Path.GetTempPath(), $"data-folder-{Guid.NewGuid():N}");
        try
        {
            DataFolder.Create(folder);

            Assert.Equal("UserExecute, UserWrite, UserRead", File.GetUnixFileMode(folder).ToString());
        }
        finally
        {
            Directory.Delete(folder);
        }
    }
}
