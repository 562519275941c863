using Xunit.Sdk;
using Xunit.v3;

namespace Serverless.EndToEnd;

/// <summary>Runs a class's tests in the order of their names, where a later one changes what an earlier one must find.</summary>
public sealed class ByName : ITestCaseOrderer
{
    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase => [.. testCases.OrderBy(test => test.TestCaseDisplayName, StringComparer.Ordinal)];
}
