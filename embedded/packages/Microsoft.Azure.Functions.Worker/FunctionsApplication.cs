namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>The start of an app's <c>Program.cs</c>.</summary>
public class FunctionsApplication
{
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args);
}
