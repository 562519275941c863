using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Embedded.Runtime.Functions;

/// <summary>Finds the <c>[Function]</c> methods of an app: of its entry assembly and of what that references.</summary>
internal static class FunctionDiscovery
{
    private static readonly string Worker = typeof(FunctionAttribute).Assembly.GetName().Name!;

    public static IEnumerable<MethodInfo> FindIn(Assembly entry) =>
        AssembliesWithFunctions(entry).SelectMany(assembly => assembly.GetTypes()).SelectMany(FindIn);

    public static IEnumerable<MethodInfo> FindIn(Type type)
    {
        var isStaticClass = type is { IsAbstract: true, IsSealed: true };
        if (!type.IsClass || (type.IsAbstract && !isStaticClass))
            return [];
        return type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static)
            .Where(method => method.IsDefined(typeof(FunctionAttribute), inherit: true));
    }

    private static IEnumerable<Assembly> AssembliesWithFunctions(Assembly entry)
    {
        var seen = new HashSet<string>();
        var open = new Queue<Assembly>([entry]);
        while (open.TryDequeue(out var assembly))
        {
            var references = assembly.GetReferencedAssemblies();
            if (references.Any(reference => reference.Name == Worker))
                yield return assembly;
            foreach (var reference in references)
                if (!IsPlatform(reference.Name!) && seen.Add(reference.Name!))
                    open.Enqueue(Assembly.Load(reference));
        }
    }

    private static bool IsPlatform(string name) =>
        name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal)
        || name.StartsWith("Azure.", StringComparison.Ordinal) || name is "System" or "netstandard" or "mscorlib";
}
