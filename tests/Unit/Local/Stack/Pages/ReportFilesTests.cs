using System.Text.Json;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Pages;
using Xunit;

namespace Serverless.Unit.Local.Stack.Pages;

public sealed class ReportFilesTests
{
    [Fact]
    public void Json_IsReadAsItWasMeant()
    {
        string json = JsonSerializer.Serialize(new { App = "1.2.3+abc", Load = "3 captured calls, 2 × as fast <i>" }, ReportFiles.Json);

        Assert.Contains("\"1.2.3+abc\"", json, StringComparison.Ordinal);
        Assert.Contains("2 × as fast <i>", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Demand_AFolderThatIsNotThere_MakesIt_AndLeavesNothingInIt()
    {
        DirectoryInfo root = Directory.CreateTempSubdirectory("report-");
        try
        {
            string folder = Path.Combine(root.FullName, "a", "b");

            ReportFiles.Demand(folder);

            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact]
    public void Demand_WhereAFileIs_SaysWhatToDo()
    {
        string file = Path.GetTempFileName();
        try
        {
            var fault = Assert.Throws<StackException>(() => ReportFiles.Demand(file));

            Assert.StartsWith($"No report can be written to '{file}' (", fault.Message, StringComparison.Ordinal);
            Assert.EndsWith("Name another folder with --out.", fault.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
