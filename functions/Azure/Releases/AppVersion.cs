using System.Reflection;

namespace Serverless.Functions.Azure.Releases;

internal static class AppVersion
{
    /// <summary>The version of this app and the commit that it was built of.</summary>
    public static string Current { get; } =
        typeof(AppVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
