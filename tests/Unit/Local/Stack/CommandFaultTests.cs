using Serverless.Local.Stack;
using Serverless.Sizing;
using Xunit;

namespace Serverless.Unit.Local.Stack;

public sealed class CommandFaultTests
{
    public static TheoryData<Exception, string?, int> Faults =>
        new()
        {
            { new StackException("so", 3), "so", 3 },
            { new SizingInputException("so"), "so", 2 },
            { new IOException("/etc/passwd is no folder"), "/etc/passwd is no folder", 1 },
            { new UnauthorizedAccessException("no"), "no", 1 },
            { new OperationCanceledException(), null, 130 },
            { new TaskCanceledException("", new TimeoutException("100 s are over.")), "The app does not answer: 100 s are over.", 1 },
            {
                new HttpRequestException("refused (127.0.0.1:1)"),
                "The app cannot be asked (refused (127.0.0.1:1)). Start it first (make run), or look at its address.",
                1
            },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public void WhatACommandMeets_IsALineAndACode(Exception fault, string? message, int code) =>
        Assert.Equal(new CommandFault(message, code), CommandFault.Of(fault));

    [Fact]
    public void AFaultOfTheProgram_KeepsItsTrace() => Assert.Null(CommandFault.Of(new InvalidOperationException("a broken promise")));
}
